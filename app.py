"""The embviz page: ``streamlit run app.py``."""

import streamlit as st
from starlette.middleware import Middleware

from embviz.server import Preloads, routes
from embviz.server.guests import Guests
from embviz.server.hosts import KnownHosts
from embviz.server.visitors import VisitorCookie
from embviz.showing.key import page_key
from embviz.ui.contract.websocket import ReadableMessages
from embviz.ui.main import main
from embviz.ui.warm import warm_up

if __name__ == "__main__":  # Streamlit's script runner, and AppTest
    main()
else:  # imported by `streamlit run`, which serves the routes beside the page
    warm_up()
    configured = [st.get_option(option) for option in ("server.address", "browser.serverAddress")]
    names = [*filter(None, configured), *st.get_option("server.allowedHosts")]
    app = st.App(
        __file__,
        routes=routes(st.get_option("server.baseUrlPath")),
        middleware=[
            Middleware(KnownHosts, names),
            Middleware(Guests, page_key()),
            Middleware(ReadableMessages),
            Middleware(VisitorCookie),
            Middleware(Preloads),
        ],
    )
