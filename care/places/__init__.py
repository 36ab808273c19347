"""Where families live: the tree city, district, township, and the sites whose QR codes parents scan."""
