#!/bin/sh
# For maintainers: brings locale/*/LC_MESSAGES/django.po in step with the texts in code and templates.
#
#   sh tools/messages.sh            takes new texts in and old ones out, and lists what is left to translate
#   sh tools/messages.sh --check    changes nothing; fails where a catalogue is not complete
#
# Afterwards translate what is listed. `make setup`, and with it every other target, compiles the catalogues.
set -eu
cd "$(dirname "$0")/.."
sh tools/setup.sh
exec .venv/bin/python -m tools.messages "$@"
