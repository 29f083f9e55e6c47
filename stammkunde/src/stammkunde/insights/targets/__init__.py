"""What a shop wants its metrics to be: kept by the shop, found and judged by `kohorte`."""
