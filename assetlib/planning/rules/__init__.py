"""What is allowed in planning: plain values in, nothing or a refusal out."""
