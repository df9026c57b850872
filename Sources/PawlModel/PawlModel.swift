// PawlModel
