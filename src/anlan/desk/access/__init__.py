"""Who may do what, where: users, their posts (organisation + role + region subtree), and the gate of every queryset."""
