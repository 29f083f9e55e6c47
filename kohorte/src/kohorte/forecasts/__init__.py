"""From a history to a forecast with its own track record: `forecasts.forecast.of(history)`."""
