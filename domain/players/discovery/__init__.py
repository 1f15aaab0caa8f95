"""Finding players in the same network, by what each kind of them answers to whoever asks."""
