"""Claims of others on published figures: each checked as known now and as known when it was said."""
