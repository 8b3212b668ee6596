"""What is allowed in the catalogue. Plain values in, nothing or a refusal out."""
