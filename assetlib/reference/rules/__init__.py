"""What is allowed of reference data: plain values in, nothing or a refusal out."""
