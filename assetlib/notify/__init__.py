"""Who is told what, in the app and by mail."""
