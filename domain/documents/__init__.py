"""Operations that were registered beforehand, to be named by their ids."""
