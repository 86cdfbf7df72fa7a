"""How one answer looks: state, views and the theme; each view also works alone in a notebook."""
