"""File names and their meanings as Kodi and Jellyfin have them: one fact a line, in six kinds of folders.

A line is `name | meaning`; `@` stands for the base name of the folder's video. A meaning is the role and what belongs to it,
then `@` if it belongs to that video.
"""

MOVIE = """
@.mkv                       | main @
@.nfo                       | nfo 0 @
movie.nfo                   | nfo 1
whatever.nfo                | nfo 2
tvshow.nfo                  | unknown
poster.jpg                  | image poster
poster.PNG                  | image poster
folder.jpg                  | image poster
cover.jpeg                  | image poster
default.webp                | image poster
movie.tbn                   | image poster
fanart.jpg                  | image fanart
fanart1.jpg                 | image fanart #1
fanart-2.jpg                | image fanart #2
fanart20.jpg                | image fanart #20
fanart21.jpg                | unknown
backdrop.jpg                | image fanart
backdrop3.jpg               | image fanart #3
background-4.jpg            | image fanart #4
art.jpg                     | image fanart
banner.gif                  | image banner
clearlogo.png               | image clearlogo
logo.png                    | image clearlogo
clearart.png                | image clearart
discart.png                 | image discart
disc.png                    | image discart
cdart.png                   | image discart
landscape.jpg               | image landscape
keyart.jpg                  | image keyart
thumb.jpg                   | image thumb
characterart.png            | image characterart
character.png               | image characterart
@.jpg                       | image poster @
@-poster.jpg                | image poster @
@-folder.jpg                | image poster @
@-cover.jpg                 | image poster @
@-default.jpg               | image poster @
@-movie.jpg                 | image poster @
@-fanart.jpg                | image fanart @
@-fanart1.jpg               | image fanart #1 @
@-fanart-2.jpg              | image fanart #2 @
@-banner.jpg                | image banner @
@-clearlogo.png             | image clearlogo @
@-clearart.png              | image clearart @
@-discart.png               | image discart @
@-landscape.jpg             | image landscape @
@-keyart.jpg                | image keyart @
@-thumb.jpg                 | image thumb @
@-characterart.png          | image characterart @
@-POSTER.JPG                | image poster @
Another Film-poster.jpg     | unknown
season01-poster.jpg         | unknown
poster.svg                  | unknown
theme.mp3                   | theme
theme.flac                  | theme
commentary.mp3              | unknown
trailer.mp4                 | trailer
movie-trailer.mp4           | trailer
@-trailer.mp4               | trailer @
@-trailer2.mp4              | trailer @
@.trailer.mp4               | trailer @
@_trailer.mp4               | trailer @
@ - trailer.mp4             | trailer @
sample.mkv                  | sample
@-sample.mkv                | sample @
@ sample.mkv                | sample @
@.sample.mkv                | sample @
@-scene.mkv                 | extra scene @
@-clip.mkv                  | extra clip @
@-interview.mkv             | extra interview @
@-behindthescenes.mkv       | extra behind_the_scenes @
@-deleted.mkv               | extra deleted_scene @
@-deletedscene.mkv          | extra deleted_scene @
@-featurette.mkv            | extra featurette @
@-short.mkv                 | extra short @
@-extra.mkv                 | extra other @
@-other.mkv                 | extra other @
@_deleted.mkv               | extra deleted_scene @
Making of-featurette.mkv    | extra featurette
@.srt                       | subtitle @
@.en.srt                    | subtitle en @
@.eng.srt                   | subtitle en @
@.ger.ass                   | subtitle de @
@.deu.ssa                   | subtitle de @
@.English.srt               | subtitle en @
@_fra.sub                   | subtitle fr @
@_fra.idx                   | subtitle fr @
@.pt-BR.srt                 | subtitle pt-BR @
@.pob.srt                   | subtitle pt-BR @
@.zh-Hans.srt               | subtitle zh-Hans @
@.Chinese (Traditional).srt | subtitle zh-Hant @
@.es-419.vtt                | subtitle es-419 @
@.en.forced.srt             | subtitle en forced @
@.forced.en.srt             | subtitle en forced @
@.en.foreign.srt            | subtitle en forced @
@.en.default.srt            | subtitle en default @
@.en.default.forced.srt     | subtitle en forced default @
@.en.sdh.srt                | subtitle en impaired @
@.en.cc.srt                 | subtitle en impaired @
@.en.hi.srt                 | subtitle en impaired @
@.hi.srt                    | subtitle hi @
@.Commentary.de.srt         | subtitle de 'Commentary' @
@.Director's cut.en.sup     | subtitle en "Director's cut" @
@.und.srt                   | subtitle @
@.mks                       | subtitle @
@.it.smi                    | subtitle it @
English.srt                 | subtitle en
2_English.srt               | subtitle en
@.lrc                       | subtitle @
@.txt                       | unknown
RARBG.txt                   | ignored
RARBG.mp4                   | ignored
@.mkv.part                  | ignored
@.torrent                   | ignored
@-proof.jpg                 | ignored
Thumbs.db                   | ignored
.DS_Store                   | ignored
._@.mkv                     | ignored
release.ETRG.txt            | ignored
"""

SHARED = """
@.mkv         | main @
@-poster.jpg  | image poster @
@.jpg         | image poster @
@.nfo         | nfo 0 @
@.en.srt      | subtitle en @
@-trailer.mp4 | trailer @
@-short.mkv   | extra short @
poster.jpg    | unknown
fanart.jpg    | unknown
movie.nfo     | unknown
theme.mp3     | unknown
English.srt   | unknown
"""

SERIES = """
tvshow.nfo                  | nfo 1
movie.nfo                   | unknown
poster.jpg                  | image poster
show.jpg                    | image poster
banner.jpg                  | image banner
season01-poster.jpg         | image poster S1
season1-poster.jpg          | image poster S1
season12-fanart.jpg         | image fanart S12
season01-fanart2.jpg        | image fanart #2 S1
season01-banner.jpg         | image banner S1
season01-landscape.jpg      | image landscape S1
season2020-poster.jpg       | image poster S2020
season01.tbn                | image poster S1
season-specials-poster.jpg  | image poster S0
specials-poster.jpg         | image poster S0
season-all-poster.jpg       | image poster S-1
season-all-banner.jpg       | image banner S-1
season01-nonsense.jpg       | unknown
theme.mp3                   | theme
@.mkv                       | main @
@-thumb.jpg                 | image thumb @
@.nfo                       | nfo 0 @
"""

SEASON = """
season.nfo                  | nfo 1
poster.jpg                  | image poster S3
folder.jpg                  | image poster S3
fanart.jpg                  | image fanart S3
season03-poster.jpg         | image poster S3
@.mkv                       | main @
@.nfo                       | nfo 0 @
@-thumb.jpg                 | image thumb @
@.jpg                       | image thumb @
@.tbn                       | image thumb @
@.en.srt                    | subtitle en @
The Last-Interview.mkv      | main
tvshow.nfo                  | unknown
notes.nfo                   | unknown
"""

ALBUM = """
@.flac        | main @
@.lrc         | subtitle @
album.nfo     | nfo 1
folder.jpg    | image cover
cover.jpg     | image cover
thumb.jpg     | image cover
front.jpg     | image cover
AlbumArt.jpg  | image cover
discart.png   | image discart
disc1.png     | image discart #1
cdart.png     | image discart
back.jpg      | unknown
spine.jpg     | unknown
3dcase.png    | unknown
"""

ARTIST = """
artist.nfo    | nfo 1
folder.jpg    | image thumb
thumb.jpg     | image thumb
fanart.jpg    | image fanart
clearlogo.png | image clearlogo
banner.jpg    | image banner
landscape.jpg | image landscape
clearart.png  | image clearart
"""

# `path/name | meaning` below a movie's folder
BELOW = """
Trailers/Teaser.mkv               | trailer
trailers/Teaser.nfo               | nfo 0 @
Behind The Scenes/Making of.mkv   | extra behind_the_scenes
Deleted Scenes/One.mkv            | extra deleted_scene
Interviews/Two.mkv                | extra interview
Scenes/Three.mkv                  | extra scene
Shorts/Four.mkv                   | extra short
Featurettes/Five.mkv              | extra featurette
Clips/Six.mkv                     | extra clip
Extras/Seven.mkv                  | extra other
extra/Eight.mkv                   | extra other
Other/Nine.mkv                    | extra other
Other/Nine.en.srt                 | subtitle en @
Other/Nine.jpg                    | image thumb @
Other/poster.jpg                  | unknown
Samples/Ten.mkv                   | sample
backdrops/Loop.mp4                | theme
theme-music/Tune.mp3              | theme
.actors/Maja_Nowak.jpg            | image actor_thumb Maja Nowak
.actors/Jean-Luc_O'Neil.png       | image actor_thumb Jean-Luc O'Neil
extrathumbs/thumb1.jpg            | image thumb #1
extrafanart/fanart1.jpg           | image fanart #1
Subs/3_German.srt                 | subtitle de
VIDEO_TS/VIDEO_TS.IFO             | main @
VIDEO_TS/VIDEO_TS.nfo             | nfo 0
VIDEO_TS/VTS_01_1.VOB             | ignored
BDMV/index.bdmv                   | main @
BDMV/index.nfo                    | nfo 0
BDMV/STREAM/00001.m2ts            | ignored
BDMV/BACKUP/index.bdmv            | ignored
"""
