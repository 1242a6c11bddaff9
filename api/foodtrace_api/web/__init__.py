"""What every feature of the door shares: problems, language, who asks, paging, answers."""
