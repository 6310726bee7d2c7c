from govcrawl.kit.remember import remembered, remembered_within


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


def test_texts_are_kept_as_long_as_they_come_to_so_many_characters():
    asked: list[str] = []

    @remembered_within(5_000)
    def length(text: str) -> int:
        asked.append(text[:1])
        return len(text)

    for text in ("a" * 1_000, "b" * 1_000, "a" * 1_000, "c" * 500, "a" * 1_000, "b" * 1_000):
        assert length(text) == len(text)
    assert asked == ["a", "b", "c", "b"]  # each takes room for a thousand more
    assert length("d" * 9_000) == length("d" * 9_000) == 9_000
    assert asked[4:] == ["d"]  # the newest is kept whatever its length
    length.cache_clear()
    assert length("d" * 9_000) == 9_000
    assert asked[5:] == ["d"]
