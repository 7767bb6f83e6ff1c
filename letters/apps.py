"""Patient letters with a postal fallback."""

from importlib import import_module

from django.apps import AppConfig

from portal.people import sealed_columns


class LettersConfig(AppConfig):
    """The service of patient letters."""

    name = "letters"
    label = "letters"
    verbose_name = "Brev"

    def ready(self) -> None:
        """Register what the outbox carries out and what the shared pages show, now that the tables are known."""
        import_module("letters.errands")
        sealed_columns.register(
            "letters_lettersource.raw_sealed", import_module("letters.commands.resealing").reseal_orders
        )
        import_module("letters.pages").register()
