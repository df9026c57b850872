// PawlRecipes
