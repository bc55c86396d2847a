"""Statistics of a view as its panels show them: computed once for all visitors who look at it, one after another."""
