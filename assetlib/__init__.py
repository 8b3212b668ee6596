"""assetlib: a digital asset repository and creative review platform."""
