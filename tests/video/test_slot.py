"""Shared pictures: newest only, and torn ones are known."""

import mmap

import pytest

from video.slot import SlotReader, SlotWriter, Stamp, picture_bytes, slot_bytes

WIDTH, HEIGHT = 6, 4


@pytest.fixture
def slot():
    memory = mmap.mmap(-1, slot_bytes(WIDTH, HEIGHT, "bgrx"))
    return SlotWriter(memory, picture_bytes(WIDTH, HEIGHT, "bgrx")), SlotReader(memory, WIDTH, HEIGHT), memory


def put(writer, number):
    buffer = writer.begin()
    buffer[:] = bytes([number % 256]) * len(buffer)
    writer.publish(Stamp(number, float(number), number + 0.5))


def test_before_the_first_picture_there_is_none(slot):
    _, reader, _ = slot
    assert reader.newest() is None
    assert reader.newest_stamp() is None


def test_a_picture_is_returned_once_with_what_is_known_of_it(slot):
    writer, reader, _ = slot
    put(writer, 7)
    frame = reader.newest()
    assert frame is not None
    assert (frame.width, frame.height, frame.sent_no, frame.arrived_at) == (WIDTH, HEIGHT, 7, 7.0)
    assert bytes(frame.pixels) == bytes([7]) * (WIDTH * HEIGHT * 4)
    assert frame.pixels.readonly
    assert frame.intact()
    assert reader.newest() is None


def test_a_slow_reader_gets_the_newest_only(slot):
    writer, reader, _ = slot
    for number in range(1, 6):
        put(writer, number)
    frame = reader.newest()
    assert frame is not None
    assert frame.sent_no == 5
    assert reader.newest() is None


def test_a_picture_stays_whole_for_two_more_and_is_torn_by_the_third(slot):
    writer, reader, _ = slot
    put(writer, 1)
    frame = reader.newest()
    assert frame is not None
    put(writer, 2)
    put(writer, 3)
    assert frame.intact()
    writer.begin()
    assert not frame.intact()


def test_a_picture_that_is_just_being_overwritten_is_not_given_out(slot):
    writer, reader, memory = slot
    put(writer, 1)
    memory[4 * 8 + 8 * 8] |= 1  # the sequence number of buffer 1 becomes odd
    assert reader.newest() is None


def test_a_writer_killed_in_the_middle_leaves_a_usable_slot(slot):
    writer, reader, memory = slot
    put(writer, 1)
    writer.begin()[0] = 99
    successor = SlotWriter(memory, picture_bytes(WIDTH, HEIGHT, "bgrx"))
    assert successor.sent_before == 1
    put(successor, 2)
    frame = reader.newest()
    assert frame is not None
    assert frame.sent_no == 2
    assert frame.intact()
    successor.begin()
    successor.begin()
    assert frame.intact()


def test_what_was_last_known_survives_a_torn_moment(slot):
    writer, reader, memory = slot
    put(writer, 1)
    assert reader.newest_stamp() == Stamp(1, 1.0, 1.5)
    memory[4 * 8 + 8 * 8] |= 1
    assert reader.newest_stamp() == Stamp(1, 1.0, 1.5)


def test_nv12_takes_a_byte_and_a_half_each():
    assert picture_bytes(8, 4, "nv12") == 48
