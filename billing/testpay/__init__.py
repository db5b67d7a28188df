"""The demo's test payment page: a process of its own that speaks the few words of Stripe the gateway uses."""
