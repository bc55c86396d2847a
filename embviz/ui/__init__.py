"""The page: what Streamlit renders. Nothing is computed here."""
