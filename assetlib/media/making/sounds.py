"""Sounds: a few notes with an echo, as WAV, and through ffmpeg as MP3 or M4A."""

import array
import io
import math
import sys
import wave

from assetlib.media.making.films import run_ffmpeg

RATE = 22_050


def sound_wave(notes: tuple[float, ...], *, seconds: float) -> bytes:
    """A mono WAV, 16 bits: each note (in hertz) for an even share of the time, dying away."""
    total = round(RATE * seconds)
    share = total // len(notes)
    samples = array.array("h", bytes(2 * total))
    for number, note in enumerate(notes):
        turn = 2 * math.pi * note / RATE
        for place in range(share):
            fade = math.exp(-3.2 * place / share) * min(place / 200, 1)
            samples[number * share + place] = round(9_000 * fade * math.sin(turn * place))
    if sys.byteorder == "big":
        samples.byteswap()
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return kept.getvalue()


def sound_file(notes: tuple[float, ...], *, seconds: float, form: str, title: str, artist: str) -> bytes:
    """The bytes of a `wav`, `mp3` or `m4a`."""
    spoken = sound_wave(notes, seconds=seconds)
    if form == "wav":
        return spoken
    codec = {"mp3": ("libmp3lame", "128k"), "m4a": ("aac", "96k")}[form]
    return run_ffmpeg(
        ["-c:a", codec[0], "-b:a", codec[1], "-metadata", f"title={title}", "-metadata", f"artist={artist}"],
        inputs=[("sound.wav", spoken)],
        output=f"sound.{form}",
    )
