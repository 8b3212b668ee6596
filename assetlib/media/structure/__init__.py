"""How a picture file is built: sizes, frames, where it ends, what is odd. Nothing is decoded."""

from assetlib.media.structure.found import Structure
from assetlib.media.structure.reading import structure_of

__all__ = ["Structure", "structure_of"]
