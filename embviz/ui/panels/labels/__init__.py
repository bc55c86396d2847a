"""Parts of the Label check tab, and the confusion matrix of the Overlap tab."""
