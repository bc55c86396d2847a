/** Types of all messages between Python and the page, as in `embviz/ui/contract/*messages.py`, which explain the fields. */

/**
 * @typedef {object} ProjectorRequest
 * @property {string} pane
 * @property {string} plotly
 * @property {string} source
 * @property {boolean} begins
 * @property {boolean} isAtWork
 * @property {boolean} isAsked
 * @property {string} address
 * @property {LookMessage | null} look
 * @property {string} asksLook
 * @property {ItemsAddress} items
 * @property {CoordsAddress} coords
 * @property {RunMessage | null} run
 * @property {LinesAddress | null} lines
 * @property {ImagesAddress | null} images
 * @property {ColoringMessage | null} coloring
 * @property {number[] | null} highlighted
 * @property {LabelsMessage | null} labels
 * @property {NeighborsMessage | null} neighbors
 * @property {FocusMessage} focus
 * @property {number | null} held
 * @property {string} session
 * @property {"focus" | "views" | null} link
 */

/**
 * @typedef {object} LookMessage
 * @property {string} key
 * @property {number[]} camera
 */

/**
 * @typedef {object} ItemsAddress
 * @property {string} revision
 * @property {string} url
 * @property {number} count
 * @property {number} idLimit
 * @property {[string, number][]} splits
 * @property {string[]} names
 */

/**
 * @typedef {object} CoordsAddress
 * @property {string} revision
 * @property {string | null} url
 * @property {number} dims
 * @property {string[]} axes
 * @property {boolean} scaled
 * @property {number[] | null} box
 */

/**
 * @typedef {object} LinesAddress
 * @property {string} revision
 * @property {string} url
 */

/**
 * @typedef {object} ImagesAddress
 * @property {string} revision
 * @property {string[]} urls
 * @property {number[] | null} firsts
 * @property {number} height
 * @property {number} width
 * @property {number} channels
 */

/**
 * @typedef {object} RunMessage
 * @property {string} url
 * @property {string} place
 * @property {string} unit
 * @property {number} more
 */

/**
 * @typedef {object} ColoringMessage
 * @property {string} name
 * @property {"categories" | "values"} kind
 * @property {boolean} isTold
 * @property {string} revision
 * @property {string} url
 * @property {LegendEntry[]} entries
 * @property {ScaleMessage | null} scale
 */

/**
 * @typedef {object} RecoloringRequest
 * @property {string} pane
 * @property {string} items
 * @property {string} select
 * @property {string} url
 * @property {string | null} chosen
 */

/**
 * @typedef {object} LegendEntry
 * @property {number} code
 * @property {string} name
 * @property {number} count
 * @property {ColorMessage} color
 */

/**
 * @typedef {object} ScaleMessage
 * @property {number} low
 * @property {number} high
 * @property {"number" | "day" | "minute" | "second"} unit
 * @property {ColorMessage[]} colors
 */

/**
 * @typedef {object} ColorMessage
 * @property {string} light
 * @property {string} dark
 */

/**
 * @typedef {object} LabelsMessage
 * @property {string} name
 * @property {string} revision
 * @property {string} url
 */

/**
 * @typedef {object} NeighborsMessage
 * @property {number} of
 * @property {number[]} ids
 * @property {number[]} distances
 */

/**
 * @typedef {object} FocusMessage
 * @property {string} source
 * @property {number} serial
 * @property {number | null} pinned
 * @property {string | null} selected
 * @property {[number, number] | null} pair
 */

/**
 * @typedef {object} GalleryRequest
 * @property {string} pane
 * @property {ImagesAddress | null} images
 * @property {GalleryCard[]} cards
 * @property {number[] | null} bars
 * @property {boolean} isDifference
 * @property {number} imageSize
 * @property {number} columns
 * @property {number} cardHeight
 */

/**
 * @typedef {object} GalleryCard
 * @property {number[]} ids
 * @property {string} name
 * @property {string} title
 * @property {string} caption
 * @property {boolean} differs
 */

/**
 * @typedef {object} HeatmapWords
 * @property {string} between
 * @property {string} unit
 * @property {string} least
 * @property {string} most
 */

/**
 * @typedef {object} HeatmapRequest
 * @property {string[]} names
 * @property {(number | null)[][]} values
 * @property {(number | null)[][]} lows
 * @property {(number | null)[][]} highs
 * @property {(number | null)[][]} most
 * @property {[number, number]} pair
 * @property {HeatmapWords} words
 * @property {number[][]} ranks
 * @property {number[][]} alike
 */

/**
 * @typedef {object} MapsRequest
 * @property {string} pane
 * @property {MapMessage[]} maps
 * @property {string} items
 * @property {number} count
 * @property {ColorMessage[]} colors
 * @property {number | null} pinned
 */

/**
 * @typedef {object} MapMessage
 * @property {string} title
 * @property {string} url
 */

/**
 * @typedef {object} AxisRequest
 * @property {string} pane
 * @property {string[]} names
 * @property {ColorMessage[]} colors
 * @property {number} count
 * @property {string} scores
 * @property {string} sides
 * @property {MarkMessage[]} marks
 * @property {WeightsAddress | null} weights
 */

/**
 * @typedef {object} MarkMessage
 * @property {number} id
 * @property {string} name
 * @property {number} score
 * @property {number} side
 */

/**
 * @typedef {object} WeightsAddress
 * @property {string} url
 * @property {number} height
 * @property {number} width
 * @property {number} channels
 */

/**
 * @typedef {object} ProjectorAnswers
 * @property {FocusMessage} focus
 * @property {true} more
 * @property {true} begin
 * @property {true} over
 * @property {LookMessage} look
 */

/**
 * @typedef {object} RecoloringAnswers
 * @property {true} painted
 */

/**
 * @typedef {object} GalleryAnswers
 * @property {number[]} picked
 */

/**
 * @typedef {object} HeatmapAnswers
 * @property {[number, number]} pair
 */

/**
 * @typedef {object} MapsAnswers
 * @property {number[]} picked
 */

/**
 * @typedef {object} AxisAnswers
 * @property {number[]} picked
 */

/**
 * A function that sends one of the answers to Python.
 * @template Answers
 * @typedef {<Name extends keyof Answers>(name: Name, value: Answers[Name]) => void} Tell
 */

/** @typedef {ProjectorRequest & {base: string}} Request base: where all addresses start */

export {};
