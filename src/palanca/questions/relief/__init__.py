"""Relief on conditions, played under many draws of what is believed."""
