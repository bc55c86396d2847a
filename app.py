"""The embviz page: ``streamlit run app.py``."""

import streamlit as st

from embviz.server import routes
from embviz.ui.main import main
from embviz.ui.warm import warm_up

if __name__ == "__main__":  # Streamlit's script runner, and AppTest
    main()
else:  # imported by `streamlit run`, which serves the routes beside the page
    warm_up()
    app = st.App(__file__, routes=routes(st.get_option("server.baseUrlPath")))
