"""What is kept of many teams within one budget."""

from executor.shelf import Shelf


def test_whoever_holds_most_gives_way_first():
    shelf: Shelf[str, int] = Shelf(100)
    shelf.put("quiet", 1, team="quiet", size=20)
    for number in range(10):
        shelf.put(f"greedy {number}", number, team="greedy", size=20)
    assert shelf.get("quiet") == 1
    assert list(shelf.of_team("greedy").values()) == [6, 7, 8, 9]


def test_what_is_put_again_is_counted_once_and_what_is_dropped_not_at_all():
    shelf: Shelf[str, int] = Shelf(100)
    for number in range(10):
        shelf.put("same", number, team="a", size=60)
    shelf.put("other", 0, team="b", size=40)
    assert (shelf.get("same"), shelf.get("other")) == (9, 0)
    shelf.drop("same")
    shelf.put("more", 1, team="b", size=60)
    assert (shelf.get("same"), shelf.get("other"), shelf.get("more")) == (None, 0, 1)


def test_what_is_larger_than_everything_is_not_kept():
    shelf: Shelf[str, int] = Shelf(100)
    shelf.put("small", 1, team="a", size=1)
    shelf.put("large", 2, team="b", size=101)
    assert (shelf.get("small"), shelf.get("large")) == (1, None)
