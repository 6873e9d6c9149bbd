"""Claims on deals by name, each as a question."""

TITLES = {
    "fading": "Does effort fade when nobody renews a deal?",
    "criticism": "Does need mute criticism?",
    "linked-tone": "Did the tone of migration and of other matters come to move together?",
    "price": "Does the price of effort rise with people stuck?",
    "pathways": "What do returns accepted and lawful places do together?",
    "reactions": "How do governments react to arrivals?",
    "discretion": "Could the origin really stop deportation flights?",
}
