"""A Scrapy project of somebody else: all it takes of ours is the scheduler."""
