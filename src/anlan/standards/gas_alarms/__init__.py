"""Where gas detectors alarm, what people may breathe, and the arithmetic between the units of concentration.

conversion        ppm and mg/m³, %LEL and %vol
exposure_limits   GBZ 2.1: limits of 43 toxic gases, and IDLH where a table gave it
gbt50493          GB/T 50493-2019: both stages for flammable gas, toxic gas and oxygen
places            ammonia rooms, gas areas of metallurgy, dust collectors, kitchens
coal_mine         methane sensors of the 2016 mine regulations
"""
