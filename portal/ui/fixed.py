"""Parts of pages that are the same for everybody who reads the same language, laid out once in a process."""

from typing import Any, Final, NoReturn

from django.template import Context, TemplateSyntaxError
from django.template.base import Node, NodeList, Parser, Token
from django.utils.safestring import SafeString
from django.utils.translation import get_language

_END: Final = "endfixed"


class FixedNode(Node):
    """Lays out what it holds the first time it is met in a language, without anything of the page around it.

    So it can hold words, addresses of static files and icons, and nothing of a person, a request or a session: whatever
    asks for a variable raises TemplateSyntaxError, also where the framework would take silence for an answer.
    """

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist
        self._in: dict[str | None, SafeString] = {}

    def render(self, context: Context) -> SafeString:
        """The part in the present language."""
        language = get_language()
        if language not in self._in:
            self._in[language] = self._lay_out(context)
        return self._in[language]

    def _lay_out(self, context: Context) -> SafeString:
        nothing = _Nothing()
        with nothing.bind_template(context.template):  # type: ignore[arg-type]  # there is one while a page is laid out
            laid_out = self.nodelist.render(nothing)
        if nothing.asked:
            raise TemplateSyntaxError(f"a fixed part asks for {', '.join(nothing.asked)}")
        return laid_out


class _Nothing(Context):
    """A context in which there is nothing, and which remembers what was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __getitem__(self, key: Any) -> NoReturn:  # noqa: ANN401 - as the framework has it
        self.asked.append(str(key))
        raise KeyError(key)

    def __contains__(self, key: Any) -> bool:  # noqa: ANN401 - as the framework has it
        self.asked.append(str(key))
        return False

    def get(self, key: Any, otherwise: Any | None = None) -> Any | None:  # noqa: ANN401 - as the framework has it
        """Nothing."""
        self.asked.append(str(key))
        return otherwise


def fixed(parser: Parser, token: Token) -> FixedNode:
    """`{% fixed %}…{% endfixed %}`."""
    if len(token.split_contents()) > 1:
        raise TemplateSyntaxError("fixed takes no arguments")
    nodelist = parser.parse((_END,))
    parser.delete_first_token()
    return FixedNode(nodelist)
