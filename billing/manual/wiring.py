"""How payments by hand join money."""

from billing.manual import demo, letters, models, views

TABLES = (models.ManualPayment,)
PARTS = (demo, letters, views)
