"""What the page does while something is computed: progress, Cancel, errors, and a sentence over the plot."""
