"""Which languages a household wants pictures in: those in which its providers are asked."""

from typing import Final

from sqlmodel import Session

from domain.providers.queries import setups

FALLBACK: Final = "en"


def preferred_languages(session: Session) -> tuple[str, ...]:
    """ISO 639 codes, the first provider's first. English is one only where no provider is asked in another language.

    Providers are set to English until somebody says otherwise, so that says little; and it comes second in scores anyway.
    """
    asked = dict.fromkeys(each.wishes.language.partition("-")[0] for each in setups(session) if each.is_enabled)
    return tuple(language for language in asked if language != FALLBACK) or (FALLBACK,)
