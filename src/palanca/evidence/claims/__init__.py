"""What deals between governments leave behind, fact by fact: fading, criticism, linkage, price, pathways, rules."""
