from govcrawl.kit.remember import remembered


def test_a_text_is_asked_for_once_and_a_long_one_is_not_kept():
    asked: list[str] = []

    @remembered(4, longest=3)
    def length(text: str, more: int = 0) -> int:
        asked.append(text)
        return len(text) + more

    assert [length("abc"), length("abc"), length("abc", 1), length("abcd"), length("abcd")] == [3, 3, 4, 4, 4]
    assert asked == ["abc", "abc", "abcd", "abcd"]
    length.cache_clear()
    assert length("abc") == 3
    assert asked[-1] == "abc"
