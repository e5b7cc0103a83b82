"""What a process keeps for half a minute."""

from entaxis.core.kept import forget, kept


def test_an_answer_is_read_once_and_given_as_a_copy() -> None:
    read = []

    def answer() -> dict[str, list[int]]:
        read.append(1)
        return {"numbers": [1]}

    first = kept("test.answer", answer)
    first["numbers"].append(2)
    assert kept("test.answer", answer) == {"numbers": [1]}
    assert len(read) == 1
    forget()
    kept("test.answer", answer)
    assert len(read) == 2


def test_that_there_is_nothing_is_an_answer_too() -> None:
    read: list[int] = []
    kept("test.nothing", lambda: read.append(1))
    kept("test.nothing", lambda: read.append(1))
    assert read == [1]
