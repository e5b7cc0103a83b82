"""What people are told: messages in the portal and by mail, subscriptions, delivery."""
