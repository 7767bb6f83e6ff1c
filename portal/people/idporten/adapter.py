"""Closes the doors of allauth that this portal does not use, and says where people land."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from portal.people.next_page import FRONT_PAGE, safe_next


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """No accounts by form, no messages that show an opaque user name, no redirects away from here."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made at sign-in, by `admission`, and by nothing else."""
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        """allauth would greet people by their user name, a row of hexadecimal digits."""

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of this portal."""
        return bool(safe_next(url))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The front page; `admission` always names a page of its own."""
        return FRONT_PAGE


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Nobody becomes a user through allauth's own sign-up."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: object) -> bool:
        """See `AccountAdapter.is_open_for_signup`."""
        return False
