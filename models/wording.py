"""How the words of the field are written down: code, Chinese, English. See terms.py."""

Words = dict[str, tuple[str, str]]


def words(*rows: tuple[str, str, str]) -> Words:
    return {str(code): (chinese, english) for code, chinese, english in rows}
