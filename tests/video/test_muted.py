"""Whoever is muted is not heard, whatever their page does, until they switch their microphone on themselves."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from aiortc import AudioStreamTrack, RTCRtpSender

from tests.video.media_server import awaited, media_server
from tests.video.room_scenes import a_session, arrived
from tests.video.scenes import ALICE, INES, NOON
from tests.video.test_connections import Browser
from video.rooms import leaving, talking, views
from video.rooms.state import Room, Send
from video.signalling.outgoing import Hushed

OFF, ON = False, True


def muted() -> Room:
    return talking.hush(a_session(), f"c{INES}", ALICE).room


def after(room: Room, *microphone: bool) -> Room:
    for is_on in microphone:
        room = talking.show(room, f"c{ALICE}", microphone=is_on, camera=True).room
    return room


@pytest.mark.parametrize(
    ("said", "is_heard"),
    [([], False), ([ON], False), ([OFF], False), ([ON, OFF], False), ([OFF, ON], True), ([ON, OFF, ON], True)],
)
def test_what_a_page_says_before_it_fell_silent_does_not_count(said: list[bool], is_heard: bool) -> None:
    room = after(muted(), *said)
    assert room.seats[1].is_heard is is_heard
    assert views.view(room, room.seats[0], now=NOON).people[1].microphone is is_heard


def test_a_page_that_was_off_the_line_is_told_again() -> None:
    room = leaving.drop(after(muted(), OFF), f"c{ALICE}", now=NOON).room
    step = arrived(room, ALICE, "c-new")
    assert Send("c-new", Hushed("Ines Calder")) in step.effects
    room = talking.show(step.room, "c-new", microphone=ON, camera=True).room
    assert not room.seats[1].is_heard


@awaited
async def test_no_packet_of_a_muted_persons_sound_is_sent_on(tmp_path: Path) -> None:
    async with media_server(tmp_path) as media:
        ines = Browser(await media.enter(INES), 60)
        alice = Browser(await media.enter(ALICE, admitted=True), 180)
        microphone = alice.connection.getTransceivers()[0]
        codecs = RTCRtpSender.getCapabilities("audio").codecs
        microphone.setCodecPreferences([each for each in codecs if each.mimeType == "audio/opus"])
        microphone.sender.replaceTrack(AudioStreamTrack())
        try:
            for browser in (ines, alice):
                await browser.page.hear("roomview", stage="in")
                await browser.connect()
            await come(ines, 5)
            await ines.page.say("hush", person=ALICE)
            assert (await alice.page.hear("hushed"))["by"] == "Ines Calder"
            await alice.page.say("show", microphone=True, camera=True)
            await go(alice, 5)
            before = await received(ines)
            await go(alice, 20)
            assert await received(ines) == before
            for is_on in (False, True):
                await alice.page.say("show", microphone=is_on, camera=True)
            await come(ines, before + 5)
        finally:
            await asyncio.gather(ines.connection.close(), alice.connection.close())


async def received(browser: Browser) -> int:
    """Count the packets of sound that came."""
    stats = await browser.connection.getTransceivers()[0].receiver.getStats()
    return next((each.packetsReceived for each in stats.values() if each.type == "inbound-rtp"), 0)


async def come(browser: Browser, packets: int) -> None:
    """Wait until so many packets of sound came in all."""
    while await received(browser) < packets:
        await asyncio.sleep(0.02)


async def go(browser: Browser, packets: int) -> None:
    """Wait until so many more packets of sound went out."""
    sender = browser.connection.getTransceivers()[0].sender
    until = None
    while True:
        sent = next(each.packetsSent for each in (await sender.getStats()).values() if each.type == "outbound-rtp")
        until = until or sent + packets
        if sent >= until:
            return
        await asyncio.sleep(0.02)
