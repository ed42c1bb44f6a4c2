"""Story 2: what happened becomes an event, an event becomes deliveries, a delivery is sent."""
