"""After which epochs is collected, and when."""

from samplewise.collect.schedule import Schedule


def test_an_epoch_is_taken_once_when_its_validation_ends():
    schedule = Schedule([1], at_the_end=False)
    schedule.note_trained(0)
    assert schedule.take_due() == []
    schedule.note_trained(1)
    assert (schedule.take_due(), schedule.take_due(), schedule.take_last()) == ([1], [], [])


def test_the_last_epoch_is_taken_at_the_end_unless_it_was_before():
    schedule = Schedule([1], at_the_end=True)
    schedule.note_trained(1)
    assert (schedule.take_due(), schedule.take_last()) == ([1], [])
    schedule.note_trained(2)
    assert (schedule.take_last(), schedule.take_last()) == ([2], [])


def test_an_epoch_without_a_validation_is_taken_before_the_end():
    schedule = Schedule([4], at_the_end=True)
    schedule.note_trained(4)
    assert schedule.take_last() == [4]


def test_another_training_starts_with_nothing_taken():
    schedule = Schedule([0], at_the_end=True)
    schedule.note_trained(0)
    schedule.take_last()
    schedule.start_over()
    assert schedule.last is None
    schedule.note_trained(0)
    assert schedule.take_due() == [0]
