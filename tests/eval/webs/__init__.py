"""Made-up government webs with a known answer."""
