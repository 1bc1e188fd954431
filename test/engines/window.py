"""A window of WebKitGTK without bars, as large as it is asked to be, that WebKitWebDriver drives.

usage: window.py <width> <height>
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

WIDTH, HEIGHT = int(sys.argv[1]), int(sys.argv[2])


def web_view(_session):
    """Opens the window; there is no window manager, so it takes the focus by itself."""
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    # What the page complains about is printed.
    view.get_settings().set_enable_write_console_messages_to_stdout(True)
    window = Gtk.Window()
    window.set_default_size(WIDTH, HEIGHT)
    window.add(view)
    window.connect("destroy", Gtk.main_quit)
    window.connect("map-event", lambda *_: window.get_window().focus(0))
    window.show_all()
    view.grab_focus()
    return view


def automate(_context, session):
    information = WebKit2.ApplicationInfo()
    information.set_name("tapgrid-window")
    information.set_version(1, 0, 0)
    session.set_application_info(information)
    session.connect("create-web-view", web_view)


context = WebKit2.WebContext.new_ephemeral()
context.connect("automation-started", automate)
context.set_automation_allowed(True)
Gtk.main()
