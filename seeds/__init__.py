"""The articles the project starts from and the sources it watches: data only."""
