"""Check digits and forms of the numbers that identify people."""

import re
from collections.abc import Callable, Mapping
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MARKS = "10X98765432"
# GB/T 2260: the provinces, with Taiwan, Hong Kong and Macau (residence permits 81, 82, 83).
_PROVINCES = frozenset(
    f"{region}{number}" for region, last in zip("123456", (5, 3, 7, 6, 4, 5), strict=True) for number in range(1, last + 1)
) | {
    "50",
    "71",
    "81",
    "82",
    "83",
}
# Nobody older lives; the standard's own second example is of 1880.
_FIRST_YEAR = 1880
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def mod_11_2(number: str) -> bool:
    """The check character of GB 11643-1999: MOD 11-2 over 17 digits."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    return number[17].upper() == _MARKS[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]


def id_number(number: str, first_year: int = _FIRST_YEAR, last_year: int = 2100) -> bool:
    """A whole ID number: province, a real date of birth, check character.

    No county register: it rejects real numbers of counties that were renamed (detection: 3.2).
    """
    return mod_11_2(number) and number[:2] in _PROVINCES and _born(number[6:14], first_year, last_year)


def old_id_number(number: str) -> bool:
    """The form of 15 digits of before 2000: province and a real date, no check digit."""
    return len(number) == 15 and number.isdigit() and number[:2] in _PROVINCES and _born(f"19{number[6:12]}", 1900, 1999)


def _born(digits: str, first_year: int, last_year: int) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    if not first_year <= year <= last_year:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def luhn(number: str) -> bool:
    """ISO/IEC 7812: the check digit of payment cards."""
    if not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0


# UnionPay, and the older ranges of Chinese banks that still circulate; Visa, Mastercard and JCB have 16 digits.
_UNIONPAY = re.compile(r"62\d{14,17}|(?:9558|9559|6013|6033|6858|6901|9400|9111)\d{12,15}")
_FOREIGN = re.compile(r"(?:4\d|5[1-5]|35)\d{14}")


def card_number(number: str) -> bool:
    """Luhn, and a range that is issued to bank cards in China."""
    return bool(_UNIONPAY.fullmatch(number) or _FOREIGN.fullmatch(number)) and luhn(number) and len(set(number)) > 3


def uscc(number: str) -> bool:
    """GB 32100-2015: an organisation's unified social credit code, public by law."""
    number = number.upper()
    if len(number) != 18 or any(sign not in _USCC_SIGNS for sign in number) or number[2:8].isdigit() is False:
        return False
    total = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(number[:17]))
    return _USCC_SIGNS[(31 - total % 31) % 31] == number[17]


VALIDATORS: Mapping[str, Callable[[str], bool]] = {"gb11643": id_number, "luhn": luhn, "card": card_number, "uscc": uscc}
