"""The cities that can stand before a date: capitals, and towns where officials spoke, in the spellings in use.

A list to read and to extend; nothing is derived here. City states (Singapore, Monaco) are cities too.
"""

_CAPITALS = (
    "Abu Dhabi, Abuja, Accra, Addis Ababa, Algiers, Amman, Amsterdam, Andorra la Vella, Ankara, Antananarivo, "
    "Apia, Ashgabat, Asmara, Astana, Asuncion, Asunción, Athens, Baghdad, Baku, Bamako, Bandar Seri Begawan, "
    "Bangkok, Bangui, Banjul, Beijing, Beirut, Belgrade, Belmopan, Berlin, Bern, Berne, Bishkek, Bissau, "
    "Bogota, Bogotá, Brasilia, Brasília, Bratislava, Brazzaville, Bridgetown, Brussels, Bucharest, Budapest, "
    "Buenos Aires, Bujumbura, Cairo, Canberra, Caracas, Castries, Chisinau, Chișinău, Colombo, Conakry, "
    "Copenhagen, Dakar, Damascus, Delhi, Dhaka, Dili, Djibouti, Dodoma, Doha, Dublin, Dushanbe, Freetown, "
    "Funafuti, Gaborone, Georgetown, Gitega, Guatemala City, Hanoi, Harare, Havana, Helsinki, Honiara, "
    "Islamabad, Jakarta, Jerusalem, Juba, Kabul, Kampala, Kathmandu, Khartoum, Kiev, Kigali, Kingston, "
    "Kingstown, Kinshasa, Kuala Lumpur, Kuwait City, Kyiv, La Paz, Libreville, Lilongwe, Lima, Lisbon, "
    "Ljubljana, Lome, Lomé, London, Luanda, Lusaka, Luxembourg, Madrid, Majuro, Malabo, Male, Managua, "
    "Manama, Manila, Maputo, Maseru, Mbabane, Mexico City, Minsk, Mogadishu, Monaco, Monrovia, Montevideo, "
    "Moroni, Moscow, Muscat, N'Djamena, Nairobi, Nassau, Naypyidaw, New Delhi, Niamey, Nicosia, Nouakchott, "
    "Nuku'alofa, Nur-Sultan, Oslo, Ottawa, Ouagadougou, Palikir, Panama City, Paramaribo, Paris, Phnom Penh, "
    "Podgorica, Port Louis, Port Moresby, Port Vila, Port of Spain, Port-au-Prince, Porto-Novo, Prague, "
    "Praia, Pretoria, Pyongyang, Quito, Rabat, Ramallah, Reykjavik, Riga, Riyadh, Rome, Roseau, San Jose, San "
    "José, San Marino, San Salvador, Sana'a, Sanaa, Santiago, Santo Domingo, Sao Tome, Sarajevo, Seoul, "
    "Singapore, Skopje, Sofia, Sri Jayawardenepura Kotte, St George's, Stockholm, Sucre, Suva, Taipei, "
    "Tallinn, Tarawa, Tashkent, Tbilisi, Tegucigalpa, Tehran, Thimphu, Tirana, Tokyo, Tripoli, Tunis, "
    "Ulaanbaatar, Ulan Bator, Vaduz, Valletta, Vatican, Vatican City, Victoria, Vienna, Vientiane, Vilnius, "
    "Warsaw, Washington, Washington D.C., Washington DC, Wellington, Windhoek, Yamoussoukro, Yaounde, "
    "Yaoundé, Yerevan, Zagreb"
)

_BRITISH_AND_IRISH = (
    "Aberdeen, Bath, Belfast, Birmingham, Bradford, Brighton, Bristol, Cambridge, Canterbury, Cardiff, "
    "Chester, Cork, Coventry, Derby, Dundee, Durham, Edinburgh, Exeter, Glasgow, Gloucester, Greenwich, "
    "Harwich, Hull, Invergordon, Inverness, Leeds, Leicester, Lerwick, Lincoln, Liverpool, Loch Ewe, "
    "Manchester, Newcastle, Newcastle upon Tyne, Norwich, Nottingham, Orkney, Oxford, Plymouth, Portsmouth, "
    "Reading, Rosyth, Salisbury, Scapa Flow, Sheffield, Southampton, St Andrews, Stirling, "
    "Stratford-upon-Avon, Sunderland, Swansea, Windsor, Worcester, York"
)

_RUSSIAN = (
    "Anapa, Arkhangelsk, Astrakhan, Barnaul, Belgorod, Blagoveshchensk, Bryansk, Chelyabinsk, Chita, Derbent, "
    "Dolgoprudny, Elista, Gelendzhik, Grozny, Irkutsk, Ivanovo, Izhevsk, Kaliningrad, Kaluga, Kazan, "
    "Kemerovo, Khabarovsk, Khanty-Mansiysk, Kirov, Kostroma, Krasnodar, Krasnoyarsk, Kursk, Kyzyl, Lipetsk, "
    "Magadan, Magnitogorsk, Makhachkala, Murmansk, Nalchik, Nizhny Novgorod, Novgorod, Novo-Ogaryovo, "
    "Novorossiysk, Novosibirsk, Omsk, Orel, Orenburg, Penza, Perm, Petropavlovsk-Kamchatsky, Petrozavodsk, "
    "Pskov, Rostov-on-Don, Ryazan, Saint Petersburg, Saint-Petersburg, Samara, Saransk, Saratov, Sevastopol, "
    "Simferopol, Smolensk, Sochi, Solnechnogorsk, St Petersburg, St. Petersburg, Stavropol, Surgut, Suzdal, "
    "Svetlogorsk, Syktyvkar, Tambov, Tomsk, Tula, Tver, Tyumen, Ufa, Ulan-Ude, Ulyanovsk, Valdai, Veliky "
    "Novgorod, Vladikavkaz, Vladimir, Vladivostok, Volgograd, Vologda, Voronezh, Vyborg, Yakutsk, Yalta, "
    "Yaroslavl, Yekaterinburg, Yuzhno-Sakhalinsk, Zhukovsky"
)

_ELSEWHERE = (
    "Aachen, Abidjan, Adelaide, Aden, Aktau, Aleppo, Alexandria, Almaty, Ancona, Antalya, Antwerp, Aqaba, "
    "Aqtau, Auckland, Avignon, Bali, Bangalore, Barcelona, Bari, Basel, Batumi, Belek, Benghazi, Bergen, "
    "Biarritz, Bled, Bologna, Bonn, Bordeaux, Boston, Brest, Bursa, Busan, Calgary, Cancun, Cannes, Cape "
    "Town, Casablanca, Cebu, Chengdu, Chennai, Chernobyl, Chicago, Chongqing, Cologne, Constance, Da Nang, "
    "Dalian, Dar es Salaam, Darwin, Davos, Donetsk, Dresden, Dubai, Dubrovnik, Durban, Dusseldorf, "
    "Düsseldorf, Entebbe, Erbil, Fairbanks, Florence, Fort-de-France, Foshan, Frankfurt, Fukuoka, Gaza, "
    "Gdansk, Geneva, Genoa, Goa, Gothenburg, Graz, Guangzhou, Guayaquil, Gwadar, Gyumri, Haifa, Halifax, "
    "Hambantota, Hamburg, Hamilton, Hangzhou, Hanover, Harbin, Heiligendamm, Hiroshima, Ho Chi Minh City, "
    "Hong Kong, Honolulu, Houston, Hyderabad, Innsbruck, Ischgl, Istanbul, Jeddah, Johannesburg, Kananaskis, "
    "Karachi, Kharkiv, Kharkov, Kirkenes, Kiruna, Kobe, Kolkata, Krakow, Kyoto, Lagos, Lahore, Lausanne, "
    "Leipzig, Lille, Linz, Los Angeles, Los Cabos, Lough Erne, Luang Prabang, Lugano, Lugansk, Lviv, Lvov, "
    "Lyon, Macau, Malmo, Malmö, Marrakech, Marrakesh, Marseille, Mecca, Medan, Melbourne, Miami, Milan, "
    "Minneapolis, Mombasa, Montreal, Montreux, Mosul, Mumbai, Munich, Nagoya, Naples, New York, Newark, Nice, "
    "Nuremberg, Odessa, Oran, Osaka, Osh, Ottawa, Oulu, Palermo, Pattaya, Perth, Philadelphia, Phuket, Porto, "
    "Potsdam, Poznan, Quebec, Ras al-Khaimah, Reims, Rio de Janeiro, Rotterdam, Rovaniemi, Salzburg, "
    "Samarkand, San Diego, San Francisco, Sanya, Sao Paulo, Seattle, Seville, Shanghai, Sharm El Sheikh, "
    "Sharm el-Sheikh, Shenzhen, Sintra, Sirte, St Gallen, Stavanger, Strasbourg, Stuttgart, Suzhou, Svalbard, "
    "Sydney, São Paulo, Tampere, Tangier, Tel Aviv, The Hague, Thessaloniki, Tianjin, Toronto, Trieste, "
    "Tromso, Tromsø, Trondheim, Turin, Turku, Valencia, Vancouver, Varna, Venice, Verona, Vladikavkaz, "
    "Wiesbaden, Wroclaw, Wuhan, Xi'an, Xiamen, Xian, Yangon, Zermatt, Zurich, Zürich"
)

CITIES: frozenset[str] = frozenset(
    city for part in (_CAPITALS, _BRITISH_AND_IRISH, _RUSSIAN, _ELSEWHERE) for city in part.split(", ")
)
