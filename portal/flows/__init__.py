"""When something happens in one service, something else happens in another: one file for each story.

Services are strangers to each other. Each announces facts (a signal that carries ids); a flow hears and reacts.
"""
